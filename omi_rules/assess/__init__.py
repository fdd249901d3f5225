"""The assessment of cases by people: the sample they look at, their workbooks, and the answers that come back."""
