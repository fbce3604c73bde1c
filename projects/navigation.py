"""What this app hangs on the shared pages."""
