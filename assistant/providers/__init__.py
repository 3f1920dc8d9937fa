"""What a provider sees: a referral behind a signed link, without an account. The rules are in assistant/pathway."""
