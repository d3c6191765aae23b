"""The ground floor of ClientDesk: settings, people who sign in, mail, long work, lists and forms. It knows no other app."""
