"""Pages as people see them: the demo's world, walked through in Chromium as every role, in every look."""
