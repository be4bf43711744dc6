"""The command line: one thin command per file in `commands`; what they call, without click, in `engine`."""
