"""What is done and planned with clients and their people (X70, X71), CRM e-mails (X42), reminders and the calendar."""
