"""Where growth comes from and where it goes: shift-share, momentum, quadrants, births and deaths, diffusion."""
