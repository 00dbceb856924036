"""Results to charts; none knows the page that shows it."""
