"""Running the program: its log, whether it is ready, and what is done when a part of it fails."""
