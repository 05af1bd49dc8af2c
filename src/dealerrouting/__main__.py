"""`python -m dealerrouting` is the command. May know: the command line, and nothing else."""

from dealerrouting.cli import main

main()
