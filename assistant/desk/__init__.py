"""The navigators' console under /navigator/: sign-in, inbox, conversations, calls, directory, and who did what."""
