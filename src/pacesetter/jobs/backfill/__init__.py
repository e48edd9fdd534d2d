"""Past dates are ranked, of stocks and of boxes."""
