@echo off
rem Starts the exercise from this folder, without internet. The first start installs it into the folder venv beside
rem this script; nothing is put anywhere else but your sessions. All words are handed on: start.cmd join ...
setlocal
set "here=%~dp0"
set "venv=%here%venv"
set "mark=%venv%\installed-at"
set "known="
if exist "%mark%" set /p known=<"%mark%"
if "%known%"=="%here%" if exist "%venv%\Scripts\exercise.exe" goto run

set "python="
for %%p in ("py -@PYTHON@" "python@PYTHON@" "python3" "python") do if not defined python (
    %%~p -c "import sys; sys.exit('%%d.%%d' %% sys.version_info[:2] != '@PYTHON@')" >nul 2>nul && set "python=%%~p"
)
if not defined python (
    echo Python @PYTHON@ is needed and was not found. 1>&2
    exit /b 2
)
echo Setting up in %venv% ... 1>&2
if exist "%venv%" rmdir /s /q "%venv%"
%python% -m venv --without-pip "%venv%" || exit /b 2
for %%f in ("%here%wheels\pip-*.whl") do set "pip=%%~f"
set "PIP_CONFIG_FILE=nul"
"%venv%\Scripts\python.exe" "%pip%\pip" --quiet --isolated --disable-pip-version-check install --no-index --no-compile --find-links "%here%wheels" --require-hashes -r "%here%requirements.txt" || exit /b 2
>"%mark%" echo %here%

:run
"%venv%\Scripts\exercise.exe" %*
exit /b %errorlevel%
