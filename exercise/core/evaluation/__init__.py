"""After ENDEX: what evaluators make of the proposed marks, teams' answers, the survey, the improvement plan, seals."""
