"""The screens of evaluators after ENDEX: marks to judge, ratings, improvement plan, and what evaluators differ on."""
