"""Authorisation functions: who may call which action."""
