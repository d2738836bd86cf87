mod run;
mod simulation;
mod traces;
