// Plays the story given on standard input to its end, again and again, and prints microseconds a choice.
const { Compiler } = require("inkjs/full");
const { Story } = require("inkjs");
const text = require("fs").readFileSync(0, "utf8");
const json = new Compiler(text).Compile().ToJson();
const story = new Story(json);
function play(round) {
  story.ResetState();
  let choices = 0;
  for (;;) {
    while (story.canContinue) story.Continue();
    if (story.currentChoices.length === 0) return choices;
    story.ChooseChoiceIndex((choices + round) % story.currentChoices.length);
    choices += 1;
  }
}
for (let round = 0; round < 200; round += 1) play(round);
const rounds = 500;
let choices = 0;
const started = process.hrtime.bigint();
for (let round = 0; round < rounds; round += 1) choices += play(round);
console.log(Number(process.hrtime.bigint() - started) / 1000 / choices);
