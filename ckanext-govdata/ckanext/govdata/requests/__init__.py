"""Requests for data: anybody with an account asks, the queue is public, the department answers in time."""
