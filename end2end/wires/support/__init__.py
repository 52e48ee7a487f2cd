"""What the stories are told with: the program, and one small client for each wire."""
