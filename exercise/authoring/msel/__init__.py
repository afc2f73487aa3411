"""The MSEL as a sheet that facilitators know: out to be printed or worked on, back into the scenario, or from anew."""
