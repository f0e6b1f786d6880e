"""Small tools for the plant: parts, sites, sensors, staff and reports."""
