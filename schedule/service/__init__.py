"""What both edges share, one function for each act."""
