mod run;
mod traces;
