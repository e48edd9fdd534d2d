"""Files come in, with the fate of every row; and are taken back whole."""
