"""Helpers of the tests: the program, and one small client for each wire."""
