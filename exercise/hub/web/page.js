// The page of the browser door: a form, then the exercise's screens in a terminal that fills the window.
// What is typed goes out as JSON text, what is drawn comes in as binary frames; a lost connection mends itself.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const FIRST_WAIT = 500, LONGEST_WAIT = 5000, PING = 10000, SILENT = 25000, PIECE = 1000;
  const KEPT = "exercise-place";
  let terminal = null, fit = null, socket = null, inside = false, over = true;
  const LARGEST = 160, COLUMNS = 80, LINES = 24;
  let wait = FIRST_WAIT, retry = 0, heard = 0, wall = false;

  const place = () => { try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; } };
  const keep = (what) => {
    try { what ? sessionStorage.setItem(KEPT, JSON.stringify(what)) : sessionStorage.removeItem(KEPT); } catch { /* none */ }
  };

  function away(text) { at("away").textContent = text; at("away").hidden = !text; }

  function showForm(text) {
    over = true; inside = false;
    clearTimeout(retry);
    if (socket) { socket.onclose = socket.onmessage = null; socket.close(); socket = null; }
    keep(null); away("");
    at("place").hidden = true; at("door").hidden = false;
    at("said").textContent = text || "";
    at("code").focus();
  }

  function showScreen() {
    at("door").hidden = true; at("place").hidden = false;
    if (!terminal) makeTerminal();
    measure(); terminal.focus();
  }

  function fontSize() { return Math.max(9, Math.min(17, Math.floor(at("screen").clientWidth / (84 * 0.605)))); }

  function makeTerminal() {
    terminal = new Terminal({
      fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
      fontSize: fontSize(), scrollback: 0, cursorBlink: false, allowProposedApi: false,
      linkHandler: { activate() { /* nothing here leads elsewhere */ } },
    });
    fit = new FitAddon.FitAddon();
    terminal.loadAddon(fit);
    terminal.open(at("screen"));
    terminal.onData(typed);
    terminal.onResize(({ cols, rows }) => send({ size: [cols, rows] }));
    new ResizeObserver(measure).observe(at("screen"));
  }

  function measure() {
    if (!terminal || at("place").hidden) return;
    resize(fontSize());
    if (wall) enlarge();
    fit.fit();
  }

  function resize(size) { if (terminal.options.fontSize !== size) terminal.options.fontSize = size; }

  // The wall is read from the back of a room: letters as large as its smallest layout leaves room for.
  function enlarge() {
    const small = terminal.options.fontSize;
    let room = fit.proposeDimensions();
    if (!room || !room.cols || !room.rows) return;
    let size = Math.min(LARGEST, Math.ceil(small * Math.min(room.cols / COLUMNS, room.rows / LINES)) + 2);
    for (; size > small; size--) {
      resize(size);
      room = fit.proposeDimensions();
      if (room.cols >= COLUMNS && room.rows >= LINES) return;
    }
    resize(small);
  }

  function send(what) {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
  }

  function typed(text) {
    if (!inside) return;
    const signs = Array.from(text);
    for (let i = 0; i < signs.length; i += PIECE) send({ typed: signs.slice(i, i + PIECE).join("") });
  }

  function connect() {
    const who = place();
    if (!who) return showForm("");
    over = false;
    const ws = socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/terminal");
    ws.binaryType = "arraybuffer";
    ws.onopen = () => {
      heard = Date.now();
      ws.send(JSON.stringify({ code: who.code, name: who.name, size: [terminal.cols, terminal.rows] }));
    };
    ws.onmessage = (event) => {
      heard = Date.now();
      if (event.data instanceof ArrayBuffer) { terminal.write(new Uint8Array(event.data)); return; }
      const said = JSON.parse(event.data);
      if ("in" in said) {
        inside = true; wall = Boolean(said.wall); wait = FIRST_WAIT; away("");
        keep({ code: who.code, name: said.in });
        terminal.reset(); measure();
        send({ size: [terminal.cols, terminal.rows] });
        terminal.focus();
      } else if ("left" in said) {
        showForm(said.left);
      } else if ("turned" in said) {
        if (!said.wait) return showForm(said.turned);
        away(said.turned);
        wait = Math.max(wait, said.wait * 1000);
      }
    };
    ws.onclose = () => { if (socket === ws) lost(); };
  }

  function lost() {
    socket = null; inside = false;
    if (over) return;
    if (at("away").hidden) away(document.body.dataset.lost);
    clearTimeout(retry);
    retry = setTimeout(connect, wait * (0.7 + 0.5 * Math.random()));
    wait = Math.min(LONGEST_WAIT, wait * 2);
  }

  function now() { if (!over && !socket) { clearTimeout(retry); wait = FIRST_WAIT; connect(); } }

  setInterval(() => {
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    if (Date.now() - heard > SILENT) { const gone = socket; lost(); gone.close(); return; }
    send({ ping: 1 });
  }, PING);
  addEventListener("online", now);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) now(); });

  at("join").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = at("code").value.trim();
    if (!code) return;
    keep({ code, name: at("name").value.trim() });
    at("code").value = "";
    showScreen(); away(document.body.dataset.joining); wait = FIRST_WAIT; connect();
  });

  for (const button of at("keys").children) {
    // Pointer presses must not take the focus, or the screen keyboard would come and go.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (button.dataset.key) typed(button.dataset.key); else terminal.focus();
    });
  }
  if (window.visualViewport) {
    visualViewport.addEventListener("resize", () => { at("place").style.height = visualViewport.height + "px"; measure(); });
  }

  if (place()) { showScreen(); away(document.body.dataset.again); connect(); } else showForm("");
})();
