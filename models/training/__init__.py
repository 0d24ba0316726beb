"""What the shipped models are trained on, and how: the languages, the tasks, the scripts."""
