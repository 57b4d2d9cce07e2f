"""Validators; every public function here is registered under its own name."""
