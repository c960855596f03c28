"""The values of each printed or shared page."""
