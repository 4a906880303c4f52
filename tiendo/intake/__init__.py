"""Intake: a received file becomes typed rows, each landed once or quarantined with its reasons."""
