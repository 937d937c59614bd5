"""How fast it is: measured, as a ratio wherever there is something to compare with. Nothing is asserted."""
