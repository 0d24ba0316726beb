"""What an app that many visitors use at once needs, whatever its pages show.

Who waits and where (`queue`, `waiting`), what is counted and logged (`metrics`, `logs`), how a
process ends (`ending`).
"""
