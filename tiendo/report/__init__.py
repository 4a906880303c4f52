"""What people look at: status tables now, the site and the monthly report later."""
