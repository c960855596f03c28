"""Calendar programs and servers that others wrote, given what Dayzero writes."""
