"""What the industry coder needs of the machine: files that are kept between runs, both processors."""
