"""Purchases told step by step as data, and replayed through the services."""
