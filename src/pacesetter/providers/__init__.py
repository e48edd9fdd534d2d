"""Outside data in: each provider is one plug-in that gives bars, actions and facts."""
