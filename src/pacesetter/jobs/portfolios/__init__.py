"""Portfolios: kept, traded, valued and measured."""
