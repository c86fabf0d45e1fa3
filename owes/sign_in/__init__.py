"""What guards the door: counted tries, known devices, sessions, passwords, the second step."""
