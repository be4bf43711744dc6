"""What people see and type: options, progress, tables. Everything that knows click, but for the commands."""
