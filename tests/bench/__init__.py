"""How fast it is: every figure measured, as a ratio wherever there is something to compare with. Nothing is asserted."""
