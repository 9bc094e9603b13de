"""Cover: who belongs on the above-scale list and is not there, and what else about units is for people to settle."""
