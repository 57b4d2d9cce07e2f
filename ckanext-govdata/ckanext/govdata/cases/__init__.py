"""What every case of the portal shares: periods, clocks read from its trail, the one way to take a step."""
