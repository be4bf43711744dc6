"""The sandbox's server process: moto's server with what it lacks for this system. Imported by nothing else."""
