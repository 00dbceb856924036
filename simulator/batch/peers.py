def missing():
    return "statsforecast"


def forecasts(case, multiples):
    return {}
