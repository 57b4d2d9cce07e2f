"""Certificates of the small authority: asked for with one's own key, issued after the office has looked.

The private key stays where it was made. What arrives is a request (PKCS#10) that proves its possession.
"""
