"""What stands beside the conversation: the source, the library, the welcome."""
