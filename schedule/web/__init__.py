"""The page for the ward: the same acts and pages as the command line has, in a browser on the ward's own machine."""
