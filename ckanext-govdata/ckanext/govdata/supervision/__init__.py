"""Supervision of the other rooms: what runs late, who answers for it, what is done about it."""
