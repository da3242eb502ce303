"""The pages of the municipality's officers: what is due, runs, certificates, periods, holds; and the auditor's."""
