"""Structure of an economy: concentration, diversity, specialisation, relatedness, complexity, structural change."""
