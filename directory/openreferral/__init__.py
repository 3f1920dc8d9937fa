"""The directory in other people's form: Open Referral UK (HSDS-UK 3.0) in and out, as JSON, as tables and as a feed."""
