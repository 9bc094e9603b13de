"""Tables that share cells and margins: cells, the relations between them, what an attacker knows of them."""
